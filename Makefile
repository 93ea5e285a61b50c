# The short way to build and look at a desktop while working on the farm: `make NAME` for each folder of distros/.
#
#   make                                    what there is
#   make bookworm                           builds Debian bookworm and shows it on http://localhost:3000 until ^C; prints the password
#   make bookworm PROFILE=kvdi              the same for another profile; INIT, PLATFORM and XORG too choose what is built
#   make bookworm MIRROR=git://HOST/PATH    in a closed network
#   make mine DISTROS=DIR                   a distro of one's own

DISTROS ?=
DISTRO_NAMES := $(sort $(notdir $(patsubst %/distro.json,%,$(wildcard distros/*/distro.json $(DISTROS:%=%/*/distro.json)))))
SCRIPTS := check format test
TARGETS := help $(SCRIPTS) $(DISTRO_NAMES)

# Said before anything runs: make's own words for a target that is none don't tell what would work.
UNKNOWN := $(firstword $(filter-out $(TARGETS),$(MAKECMDGOALS)))
$(if $(UNKNOWN),$(error make $(UNKNOWN): no such target; expected one of $(TARGETS)))

.DEFAULT_GOAL := help
.PHONY: $(TARGETS)
export DISTROS MIRROR PROFILE INIT PLATFORM XORG

help:
	@for name in $(DISTRO_NAMES); do printf 'make %-12s  builds it and shows it on http://localhost:3000, behind a password that it prints\n' "$$name"; done
	@for name in $(SCRIPTS); do printf 'make %-12s  npm run %s\n' "$$name" "$$name"; done
	@echo 'PROFILE, INIT, PLATFORM, XORG, MIRROR and DISTROS choose what is built: make bookworm PROFILE=kvdi'

$(DISTRO_NAMES):
	dagger/run call $${DISTROS:+"--distros=$$DISTROS"} $${MIRROR:+"--mirror=$$MIRROR"} desktop --distro=$@ \
	  $${PROFILE:+"--profile=$$PROFILE"} $${INIT:+"--init=$$INIT"} $${PLATFORM:+"--platform=$$PLATFORM"} $${XORG:+"--xorg=$$XORG"} \
	  up --ports=3000:3000

$(SCRIPTS): node_modules/.package-lock.json
	npm run $@

node_modules/.package-lock.json: package-lock.json
	npm ci
