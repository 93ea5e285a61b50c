// A desktop of one's own, in Go: one of Helios' VNC servers with a terminal that is always there, and proven as Helios proves its own.
package main

import (
	"context"

	"dagger/desk/internal/dagger"
)

const install = `
	apt-get update
	apt-get install --yes --no-install-recommends xterm
	apt-get clean
	rm -rf /var/lib/apt/lists/*
`

// A file in /etc/supervisor/conf.d adds a program.
const program = `[program:notes]
command=on-display xterm -T notes -geometry 30x5+10+450
user=%(ENV_USER)s
autorestart=true
`

type Desk struct{}

// Lists what Helios builds, a line for each distro and profile.
func (m *Desk) Desktops(ctx context.Context) (string, error) {
	return dag.Helios().Distros().Summary(ctx)
}

// Everything that decides what the image holds that this one is made from, as JSON.
func (m *Desk) Plan(ctx context.Context, distro string) (string, error) {
	return image(distro).Plan(ctx)
}

// Builds the image, to be published, exported or opened in a terminal.
func (m *Desk) Container(distro string) *dagger.Container {
	return image(distro).Container().
		WithExec([]string{"sh", "-euc", install}).
		WithNewFile("/etc/supervisor/conf.d/notes.conf", program)
}

// Boots the image and checks Helios' promises on it: a line for each; fails if one isn't kept.
// +cache="never"
func (m *Desk) Smoke(ctx context.Context, distro string) (string, error) {
	return image(distro).Smoke(dagger.HeliosImageSmokeOpts{Container: m.Container(distro)}).Verify(ctx)
}

func image(distro string) *dagger.HeliosImage {
	return dag.Helios().Image(distro, dagger.HeliosImageOpts{Profile: dagger.HeliosProfileKvdi})
}
