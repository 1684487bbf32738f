/* Both directions through one pipe: it works only as long as everybody reads at the right moment. */
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    int fds[2];
    const char question[] = "Who are you?", answer[] = "Your parent.";
    char buf[30];
    ssize_t len;

    setvbuf(stdout, NULL, _IOLBF, 0);
    pipe(fds);
    if (fork() == 0) {
        write(fds[1], question, strlen(question));
        sleep(2); /* without it the child reads its own question */
        len = read(fds[0], buf, sizeof buf);
        printf("child: %.*s\n", (int)len, buf);
        _exit(0);
    }
    len = read(fds[0], buf, sizeof buf);
    printf("parent: %.*s\n", (int)len, buf);
    write(fds[1], answer, strlen(answer));
    wait(NULL);
    return 0;
}
