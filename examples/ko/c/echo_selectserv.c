/* 프로세스 하나로 여러 클라이언트를: 블로킹 없이 읽을 수 있는 디스크립터를 select()가 알려 준다. */
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
    signal(SIGPIPE, SIG_IGN); /* 그러지 않으면 연결을 끊은 클라이언트 하나가 서버 전체를 끝낸다 */
    int serv = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(serv, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(serv, (struct sockaddr *)&addr, size) == -1)
        die("bind");
    if (listen(serv, 5) == -1)
        die("listen");
    getsockname(serv, (struct sockaddr *)&addr, &size);
    printf("127.0.0.1:%d에서 기다립니다\n", ntohs(addr.sin_port));

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
                printf("연결: 디스크립터 %d\n", clnt);
                continue;
            }
            ssize_t len = read(fd, buf, sizeof buf);
            if (len > 0) {
                write(fd, buf, len);
                continue;
            }
            FD_CLR(fd, &reads);
            close(fd);
            printf("닫음: 디스크립터 %d\n", fd);
        }
    }
}
