// Which messages were read, and by whom: written to $FUZZ_STATES when the run ends.
#ifndef STATES_H
#define STATES_H
#include <map>
#include <stdio.h>
#include <stdlib.h>
#include <string>

struct States {
  std::map<std::pair<const char *, int>, unsigned long> counts;

  void reached(const char *state, int message) { counts[std::make_pair(state, message)]++; }

  ~States() {
    const char *path = getenv("FUZZ_STATES");
    FILE *const file = path ? fopen(path, "w") : NULL;
    if (!file)
      return;
    for (const auto &count : counts)
      fprintf(file, "%s %d %lu\n", count.first.first, count.first.second, count.second);
    fclose(file);
  }
};
#endif
