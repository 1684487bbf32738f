/* A pipe for each direction: nobody can read what is not meant for them, and nobody has to sleep. */
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    int up[2], down[2];
    char buf[30];
    ssize_t len;

    setvbuf(stdout, NULL, _IOLBF, 0);
    pipe(up);
    pipe(down);
    if (fork() == 0) {
        write(up[1], "Who are you?", 12);
        len = read(down[0], buf, sizeof buf);
        printf("child: %.*s\n", (int)len, buf);
        _exit(0);
    }
    len = read(up[0], buf, sizeof buf);
    printf("parent: %.*s\n", (int)len, buf);
    write(down[1], "Your parent.", 12);
    wait(NULL);
    return 0;
}
