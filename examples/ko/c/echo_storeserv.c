/* 저장하는 에코 서버: 자식들은 읽은 것을 파이프 하나로 보내고, 한 프로세스가 파일에 쓴다. */
#include <arpa/inet.h>
#include <fcntl.h>
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
    struct sigaction act = {.sa_handler = readChildren, .sa_flags = SA_RESTART};
    struct sockaddr_in addr = {.sin_family = AF_INET, .sin_port = htons(argc > 1 ? atoi(argv[1]) : 9190)};
    const char *path = argc > 2 ? argv[2] : "echomsg.txt";
    int messages = argc > 3 ? atoi(argv[3]) : 10;
    socklen_t size = sizeof addr;
    char buf[1024];
    ssize_t len;
    int fds[2], on = 1;

    setvbuf(stdout, NULL, _IOLBF, 0);
    sigaction(SIGCHLD, &act, NULL);
    int serv = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(serv, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(serv, (struct sockaddr *)&addr, size) == -1)
        die("bind");
    if (listen(serv, 5) == -1)
        die("listen");

    pipe(fds);
    if (fork() == 0) {
        close(serv);
        close(fds[1]);
        int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
        for (int message = 0; message < messages && (len = read(fds[0], buf, sizeof buf)) > 0; message++)
            write(file, buf, len);
        close(file);
        printf("메시지 %d개를 저장했습니다\n", messages);
        _exit(0);
    }
    close(fds[0]);
    signal(SIGPIPE, SIG_IGN); /* 읽는 쪽이 없으면 쓰기는 EPIPE로 실패하고, 프로세스는 종료되지 않는다 */
    getsockname(serv, (struct sockaddr *)&addr, &size);
    printf("127.0.0.1:%d에서 기다립니다\n", ntohs(addr.sin_port));

    for (;;) {
        int clnt = accept(serv, NULL, NULL);
        if (clnt == -1)
            die("accept");
        puts("새 클라이언트");
        if (fork() == 0) {
            close(serv);
            while ((len = read(clnt, buf, sizeof buf)) > 0) {
                write(clnt, buf, len);
                write(fds[1], buf, len);
            }
            close(clnt);
            puts("클라이언트 종료");
            _exit(0);
        }
        close(clnt);
    }
}
