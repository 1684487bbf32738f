/* One process, many clients: select() says which descriptors can be read without blocking. */
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

static void die(const char *what)
{
    perror(what);
    exit(1);
}

int main(int argc, char *argv[])
{
    struct sockaddr_in addr = {.sin_family = AF_INET, .sin_port = htons(argc > 1 ? atoi(argv[1]) : 9190)};
    socklen_t size = sizeof addr;
    fd_set reads, ready;
    char buf[1024];
    int on = 1;

    setvbuf(stdout, NULL, _IOLBF, 0);
    signal(SIGPIPE, SIG_IGN); /* else a client that breaks off ends the server for all */
    int serv = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(serv, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(serv, (struct sockaddr *)&addr, size) == -1)
        die("bind");
    if (listen(serv, 5) == -1)
        die("listen");
    getsockname(serv, (struct sockaddr *)&addr, &size);
    printf("listening on 127.0.0.1:%d\n", ntohs(addr.sin_port));

    FD_ZERO(&reads);
    FD_SET(serv, &reads);
    int max = serv;
    for (;;) {
        ready = reads;
        if (select(max + 1, &ready, NULL, NULL, NULL) == -1)
            die("select");
        for (int fd = 0; fd <= max; fd++) {
            if (!FD_ISSET(fd, &ready))
                continue;
            if (fd == serv) {
                int clnt = accept(serv, NULL, NULL);
                FD_SET(clnt, &reads);
                max = clnt > max ? clnt : max;
                printf("connected: descriptor %d\n", clnt);
                continue;
            }
            ssize_t len = read(fd, buf, sizeof buf);
            if (len > 0) {
                write(fd, buf, len);
                continue;
            }
            FD_CLR(fd, &reads);
            close(fd);
            printf("closed: descriptor %d\n", fd);
        }
    }
}
