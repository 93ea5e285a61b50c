/** What a Dockerfile FROM a kvdi image with supervisord says to have xterm and show it on the desktop, a line each. */
export const WITH_XTERM = [
  "RUN apt-get update && apt-get install -y --no-install-recommends xterm && apt-get clean && rm -rf /var/lib/apt/lists/*",
  String.raw`RUN printf '[program:mine]\ncommand=on-display xterm -T mine -geometry 30x5+10+450\nuser=%%(ENV_USER)s\nautorestart=true\n' >/etc/supervisor/conf.d/mine.conf`,
]
