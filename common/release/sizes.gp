# Draws the sizes of images over releases: gnuplot -c sizes.gp DATA PANELS PLATFORMS OUTPUT
data = ARG1
panels = int(ARG2)
platforms = int(ARG3)
columns = panels > 1 ? 2 : 1
rows = panels ? (panels + columns - 1) / columns : 1
height = 250 * rows

set terminal svg size 1000, height font "sans-serif,13" dynamic noenhanced background "#ffffff"
set output ARG4
set datafile separator tab
set style line 1 linecolor "#1f6fb5" linewidth 2 pointtype 7 pointsize 0.5
set style line 2 linecolor "#c2571a" linewidth 2 pointtype 5 pointsize 0.5
set style line 3 linecolor "#2a7f62" linewidth 2 pointtype 9 pointsize 0.6
set style line 4 linecolor "#7a4fa3" linewidth 2 pointtype 13 pointsize 0.6
ink = "#2b3344"

if (!panels) {
  unset border
  unset tics
  unset key
  set label "No image has a size yet." at graph 0.5, 0.5 center textcolor rgb ink
  plot [0:1] [0:1] NaN
  exit
}

set border 3 linecolor "#8a93a5"
set tics nomirror scale 0 textcolor rgb ink
set grid ytics linetype 1 linecolor "#e3e6ee"
set format y "%g MB"
set key autotitle columnhead
set key at graph 0, 1.16 left top horizontal maxrows 1 Left reverse samplen 1.5 width -4 textcolor rgb ink

# Some five lines across a panel, at round numbers.
step(span) = (power = 10**floor(log10(span / 4)), ratio = span / 4 / power, power * (ratio < 1.5 ? 1 : ratio < 3.5 ? 2 : ratio < 7.5 ? 5 : 10))

set multiplot layout rows, columns margins 0.075, 0.985, 40.0 / height, 1 - 60.0 / height spacing 0.09, 100.0 / height
do for [panel = 0:panels-1] {
  low = 1e12
  high = 0
  set xrange [*:*]
  set yrange [*:*]
  stats data index panel using (name = columnhead(1), last = column(1), sum [at = 3:platforms+2] (strcol(at) eq "NaN" ? 0 : (size = column(at), low = size < low ? size : low, high = size > high ? size : high, 0))) nooutput
  # Room below and above, so that what hardly changes looks so.
  low = low * 0.9
  high = high > 0 ? high * 1.05 : 1
  room = 0.4 + 0.05 * last
  set xrange [-room:last + room]
  set yrange [low:high]
  set ytics step(high - low)
  set label 1 name at graph 0.005, 1.22 left font "sans-serif,15" textcolor rgb ink
  plot for [at = 3:platforms+2] data index panel using 1:at:xticlabels(2) with linespoints linestyle at-2
}
unset multiplot
