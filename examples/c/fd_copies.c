/* fork copies descriptors, not sockets: the other side sees the end only when the last copy is closed. */
#include <stdio.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static int canRead(int fd, int seconds)
{
    fd_set reads;
    struct timeval timeout = {seconds, 0};

    FD_ZERO(&reads);
    FD_SET(fd, &reads);
    return select(fd + 1, &reads, NULL, NULL, &timeout);
}

int main(void)
{
    int pair[2];
    char buf[30];

    setvbuf(stdout, NULL, _IOLBF, 0);
    socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
    int serv = pair[0], clnt = pair[1];
    if (fork() == 0) {
        close(clnt);
        write(serv, "bye", 3);
        close(serv);
        puts("server's child: said bye, closed the socket, and ends");
        _exit(0);
    }
    wait(NULL);
    ssize_t len = read(clnt, buf, sizeof buf);
    printf("client: %.*s\n", (int)len, buf);
    printf("client: end of file within 2 s? %s\n", canRead(clnt, 2) ? "yes" : "no, the parent holds a copy");
    close(serv);
    printf("client: and with that closed too? %s\n", canRead(clnt, 2) && read(clnt, buf, 1) == 0 ? "yes" : "no");
    return 0;
}
