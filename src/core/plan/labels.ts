/** The label with the farm's commit that an image was built from. */
export const REVISION = "org.opencontainers.image.revision"

/** The label that has the lock's SHA-256. */
export const LOCK = "io.helios.lock"
