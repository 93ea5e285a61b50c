/** Where helios images have what is broken. */
export const HELIOS = {
  init: "/usr/local/lib/helios/bin/init",
  access: "/usr/local/lib/helios/access.sh",
  secrets: "/usr/local/lib/helios/secrets.sh",
  settings: "/usr/local/lib/helios/settings.sh",
  user: "/usr/local/lib/helios/user.sh",
  certs: "/usr/local/lib/helios/bin/certs",
  config: "/usr/local/lib/helios/bin/web-config",
  health: "/usr/local/lib/helios/bin/health",
  hooks: "/usr/local/lib/helios/bin/run-hooks",
  idle: "/usr/local/lib/helios/bin/idle",
  session: "/usr/local/lib/helios/bin/session",
  xvnc: "/usr/local/lib/helios/bin/xvnc",
  asUser: "/usr/local/lib/helios/bin/apply-user",
  nginx: "/etc/helios/nginx/nginx.conf",
  page: "/etc/helios/nginx/kclient.conf",
  vnc: "/etc/helios/nginx/vnc.conf",
  view: "/etc/helios/nginx/view.conf",
  door: "/etc/helios/nginx/door.conf",
  guesses: "/etc/helios/nginx/guesses.conf",
  sound: "/etc/helios/helios.pa",
  services: "/etc/s6-overlay/s6-rc.d",
  kclient: "/opt/helios/kclient",
  www: "/usr/share/kasmvnc/www",
  wallpaper: "/usr/share/backgrounds/helios.svg",
}

/** Another option for the X server. */
export const xvnc = (option: string) => `RUN sed -i 's/ -AlwaysShared/ ${option}&/' ${HELIOS.xvnc}`
