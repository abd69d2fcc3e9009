/* The bundle of a container: config.json, as the wish and the image have it. */
#ifndef BUNDLE_H
#define BUNDLE_H

#include "docker.h"

/* Writes CONTAINERS/NAME/config.json; 1 after a complaint. */
int write_bundle(const struct wish *wish, const struct image *image, const char *const words[]);

#endif
