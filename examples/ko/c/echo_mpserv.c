/* 클라이언트마다 프로세스 하나: 부모는 수락하고, fork한 자식이 서비스한다. */
#include <arpa/inet.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static void die(const char *what)
{
    perror(what);
    exit(1);
}

static void readChildren(int sig)
{
    pid_t pid;

    (void)sig;
    while ((pid = waitpid(-1, NULL, WNOHANG)) > 0)
        printf("자식 %d 제거\n", pid);
}

int main(int argc, char *argv[])
{
    struct sigaction act = {.sa_handler = readChildren};
    struct sockaddr_in addr = {.sin_family = AF_INET, .sin_port = htons(argc > 1 ? atoi(argv[1]) : 9190)};
    socklen_t size = sizeof addr;
    char buf[1024];
    ssize_t len;
    int on = 1;

    setvbuf(stdout, NULL, _IOLBF, 0);
    sigaction(SIGCHLD, &act, NULL);
    int serv = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(serv, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(serv, (struct sockaddr *)&addr, size) == -1)
        die("bind");
    if (listen(serv, 5) == -1)
        die("listen");
    getsockname(serv, (struct sockaddr *)&addr, &size);
    printf("127.0.0.1:%d에서 기다립니다\n", ntohs(addr.sin_port));

    for (;;) {
        int clnt = accept(serv, NULL, NULL);
        if (clnt == -1 && errno == EINTR)
            continue;
        if (clnt == -1)
            die("accept");
        puts("새 클라이언트");
        if (fork() == 0) {
            close(serv);
            while ((len = read(clnt, buf, sizeof buf)) > 0)
                write(clnt, buf, len);
            close(clnt);
            puts("클라이언트 종료");
            _exit(0);
        }
        close(clnt);
    }
}
