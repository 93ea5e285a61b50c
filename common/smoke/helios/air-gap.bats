# It starts and works with no network but the client's.

setup() {
  load ../lab/lab
  load ../lab/pixels
}

seen() { browse box screenshot /tmp/now.png && wallpaper_in /tmp/now.png && panel_in /tmp/now.png; }

@test "it starts and is used in a browser with no route but the client's" {
  desktop box
  run beside box ip route
  assert_output --regexp "^10.77.0.0/24 dev eth0 proto kernel scope link src $ADDRESS *$"
  page box
  poll 20 seen
}

# A way out that ends at the client, which writes down what is sent there: nothing but answers may be.
@test "where there is a way out it asks nobody for anything" {
  unpack box
  connect box
  ip -n box route add default via "$CLIENT"
  echo "nameserver $CLIENT" >"$(rootfs box)/etc/resolv.conf"
  at box tcpdump -Z root -n -U -i eth0 -w /tmp/asked.pcap "src host $ADDRESS and (udp or icmp or tcp[tcpflags] & (tcp-syn|tcp-ack) == tcp-syn)" 2>/tmp/tcpdump.log &
  listening() { grep --quiet 'listening on' /tmp/tcpdump.log; }
  poll 5 listening
  beside box curl --silent --max-time 0.2 "http://203.0.113.1/" || true
  proven() { tcpdump -n -r /tmp/asked.pcap 2>/dev/null | grep --quiet 203.0.113.1; }
  poll 5 proven
  begin start box
  page box
  poll 20 seen
  holds 5 usable box
  run tcpdump -n -r /tmp/asked.pcap 'not host 203.0.113.1'
  refute_output --partial "IP $ADDRESS"
}
