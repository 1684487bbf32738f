/* select() waits for standard input, but not longer than it is told. */
#include <stdio.h>
#include <sys/select.h>
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char *argv[])
{
    fd_set reads, ready;
    char buf[1024];
    int seconds = argc > 1 ? atoi(argv[1]) : 5;

    setvbuf(stdout, NULL, _IOLBF, 0);
    FD_ZERO(&reads);
    FD_SET(0, &reads);
    for (;;) {
        ready = reads; /* select leaves only what is ready in its sets */
        struct timeval timeout = {seconds, 0}; /* and only what is left in its time-out */
        int count = select(0 + 1, &ready, NULL, NULL, &timeout);
        if (count == 0) {
            puts("time-out!");
        } else if (FD_ISSET(0, &ready)) {
            ssize_t len = read(0, buf, sizeof buf);
            if (len == 0)
                break;
            printf("you wrote: %.*s", (int)len, buf);
        }
    }
    puts("end of input");
    return 0;
}
