// The bare system calls: how many nanoseconds each takes, called often. Usage: posix-calls ROUNDS; prints "name ns" lines.
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <time.h>
#include <unistd.h>

enum { MOST = 1000 };

static char buffer[64];
static int zero, null, fds[MOST];
static struct pollfd entries[MOST];

static void die(const char *call) {
  perror(call);
  exit(1);
}

static void read_once(int count) {
  (void)count;
  if (read(zero, buffer, sizeof buffer) != sizeof buffer) die("read");
}

static void write_once(int count) {
  (void)count;
  if (write(null, buffer, sizeof buffer) != sizeof buffer) die("write");
}

static void poll_once(int count) {
  if (poll(entries, (nfds_t)count, 0) != 0) die("poll");
}

static fd_set watched;

static void select_once(int count) {
  fd_set reads = watched;
  struct timeval timeout = {0, 0};
  if (select(fds[count - 1] + 1, &reads, NULL, NULL, &timeout) != 0) die("select");
}

static double measure(void (*once)(int), int count, long calls) {
  struct timespec start, end;
  if (count > 0) {
    FD_ZERO(&watched);
    for (int i = 0; i < count; i++) FD_SET(fds[i], &watched);
  }
  clock_gettime(CLOCK_MONOTONIC, &start);
  for (long i = 0; i < calls; i++) once(count);
  clock_gettime(CLOCK_MONOTONIC, &end);
  return ((double)(end.tv_sec - start.tv_sec) * 1e9 + (double)(end.tv_nsec - start.tv_nsec)) / (double)calls;
}

int main(int argc, char **argv) {
  long scale = argc > 1 ? atol(argv[1]) : 1;
  int ends[2];
  zero = open("/dev/zero", O_RDONLY);
  null = open("/dev/null", O_WRONLY);
  if (zero < 0 || null < 0 || pipe(ends) < 0) die("open");
  for (int i = 0; i < MOST; i++) {
    fds[i] = i == 0 ? ends[0] : dup(ends[0]);
    if (fds[i] < 0 || fds[i] >= FD_SETSIZE) die("dup");
    entries[i] = (struct pollfd){.fd = fds[i], .events = POLLIN};
  }
  printf("read %f\n", measure(read_once, 0, 100000 * scale));
  printf("write %f\n", measure(write_once, 0, 100000 * scale));
  printf("poll-10 %f\n", measure(poll_once, 10, 20000 * scale));
  printf("poll-1000 %f\n", measure(poll_once, 1000, 1000 * scale));
  printf("select-10 %f\n", measure(select_once, 10, 20000 * scale));
  printf("select-1000 %f\n", measure(select_once, 1000, 1000 * scale));
  return 0;
}
