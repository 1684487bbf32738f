// The measure for all the others: accept, fork, echo, _exit, and nothing else. Usage: fork-echo PORT
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static void die(const char *what) {
  perror(what);
  exit(111);
}

static int listen_on(int port) {
  int one = 1;
  struct sockaddr_in address = {
    .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)
  };
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  if (fd < 0) die("socket");
  if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) < 0) die("setsockopt");
  if (bind(fd, (struct sockaddr *)&address, sizeof address) < 0) die("bind");
  if (listen(fd, 511) < 0) die("listen");
  return fd;
}

static void write_all(int fd, const char *bytes, ssize_t length) {
  while (length > 0) {
    ssize_t written = write(fd, bytes, length);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) _exit(1);
    bytes += written;
    length -= written;
  }
}

static void serve(int fd) {
  char buffer[65536];
  for (;;) {
    ssize_t length = read(fd, buffer, sizeof buffer);
    if (length < 0 && errno == EINTR) continue;
    if (length < 0) _exit(1);
    if (length == 0) break;
    write_all(fd, buffer, length);
  }
  close(fd);
  _exit(0);
}

static void reap(void) {
  while (waitpid(-1, NULL, WNOHANG) > 0) {}
}

// In a container whose first process does not reap, the last zombies would otherwise stay for good.
static void stop(int signal) {
  (void)signal;
  reap();
  _exit(0);
}

int main(int argc, char **argv) {
  if (argc != 2) {
    fprintf(stderr, "usage: fork-echo PORT\n");
    return 100;
  }
  int listener = listen_on(atoi(argv[1]));
  signal(SIGTERM, stop);
  for (;;) {
    int fd = accept(listener, NULL, NULL);
    if (fd < 0 && (errno == EINTR || errno == ECONNABORTED)) continue;
    if (fd < 0) die("accept");
    pid_t pid = fork();
    if (pid < 0) die("fork");
    if (pid == 0) {
      close(listener);
      serve(fd);
    }
    close(fd);
    // Reaping here rather than in a SIGCHLD handler is the faster of the two: C gets its best case.
    reap();
  }
}
