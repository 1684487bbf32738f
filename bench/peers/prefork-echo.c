// The measure for servers that fork ahead: WORKERS processes in accept on one socket, each echoes for one client after another.
// Usage: prefork-echo PORT WORKERS
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
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

// Returns whether the client was served to its end.
static int echo(int fd) {
  char buffer[65536];
  for (;;) {
    ssize_t length = read(fd, buffer, sizeof buffer);
    if (length < 0 && errno == EINTR) continue;
    if (length <= 0) return length == 0;
    for (char *rest = buffer; length > 0;) {
      ssize_t written = write(fd, rest, length);
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) return 0;
      rest += written;
      length -= written;
    }
  }
}

static void work(int listener) {
  for (;;) {
    int fd = accept(listener, NULL, NULL);
    if (fd < 0 && (errno == EINTR || errno == ECONNABORTED)) continue;
    if (fd < 0) die("accept");
    echo(fd);
    close(fd);
  }
}

static void hire(int listener) {
  pid_t parent = getpid(), pid = fork();
  if (pid < 0) die("fork");
  if (pid > 0) return;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(1);
  signal(SIGTERM, SIG_DFL);
  work(listener);
}

// In a container whose first process does not reap, the workers would otherwise stay as zombies.
static void stop(int number) {
  (void)number;
  signal(SIGTERM, SIG_IGN);
  kill(0, SIGTERM);
  while (wait(NULL) > 0 || errno == EINTR) {}
  _exit(0);
}

int main(int argc, char **argv) {
  if (argc != 3) {
    fprintf(stderr, "usage: prefork-echo PORT WORKERS\n");
    return 100;
  }
  setpgid(0, 0);
  int listener = listen_on(atoi(argv[1]));
  for (int count = atoi(argv[2]); count > 0; count--) hire(listener);
  signal(SIGTERM, stop);
  for (;;)
    if (wait(NULL) > 0) hire(listener);
}
