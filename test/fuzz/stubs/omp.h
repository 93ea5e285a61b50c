/* One thread, as clang's library for more isn't in Debian's clang. */
static inline void omp_set_num_threads(int count) { (void) count; }
