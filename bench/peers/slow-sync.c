/* fdatasync(2) as on a disk on which it takes SLOW_SYNC_US longer: preloaded, ld.so(8). */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <unistd.h>

int fdatasync(int fd)
{
    int (*next)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
    int result = next(fd);

    usleep((useconds_t)atoi(getenv("SLOW_SYNC_US")));
    return result;
}
