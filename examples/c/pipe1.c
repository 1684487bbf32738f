/* A pipe carries bytes from one process to another; fork copies its two descriptors. */
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    int fds[2];
    const char question[] = "Who are you?";
    char buf[30];

    setvbuf(stdout, NULL, _IOLBF, 0);
    pipe(fds);
    if (fork() == 0) {
        write(fds[1], question, strlen(question));
        _exit(0);
    }
    ssize_t len = read(fds[0], buf, sizeof buf);
    printf("parent: %.*s\n", (int)len, buf);
    wait(NULL);
    return 0;
}
