import { expect, test } from "vitest"
import { simulated } from "../../src/core/image/package-list.ts"

const LIST = "libc6 2.36-9 amd64\ntzdata 2025b-0 all\nusrmerge 37 all\n"
const UPGRADE = `Reading package lists...
Inst libc6 [2.36-9] (2.36-9+deb12u10 Debian:12.11/oldstable [amd64])
Conf libc6 (2.36-9+deb12u10 Debian:12.11/oldstable [amd64])
`
const INSTALL = `The following NEW packages will be installed:
  gcc cpp
Remv usrmerge [37]
Inst cpp (4:12.2.0-3 Debian:12.11/oldstable [amd64]) []
Inst gcc (4:12.2.0-3 Debian:12.11/oldstable [amd64])
Inst tzdata [2025b-0] (2025b-0+deb12u1 Debian:12.11/oldstable, Debian-Security:12/oldstable-security [all])
Conf gcc (4:12.2.0-3 Debian:12.11/oldstable [amd64])
`

test("what an upgrade and an installation would do gives the list that there is once they are done", () => {
  expect(simulated(LIST, [UPGRADE, INSTALL])).toEqual([
    "cpp 4:12.2.0-3 amd64",
    "gcc 4:12.2.0-3 amd64",
    "libc6 2.36-9+deb12u10 amd64",
    "tzdata 2025b-0+deb12u1 all",
  ])
})

test("nothing to do leaves the list", () => {
  expect(simulated(LIST, ["0 upgraded, 0 newly installed, 0 to remove and 0 not upgraded.\n"])).toEqual(LIST.trim().split("\n"))
})
