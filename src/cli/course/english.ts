/** The programs explained, in English. */
import type { ProgramName, Text, Words } from './programs.js'

export const words: Words = {
  watch: 'Watch',
  mistake: 'The usual mistake',
  page: 'With pictures and exercises',
  table: {
    headings: ['PID', 'PARENT', 'STATE', 'CALL', 'DESCRIPTORS'],
    states: {
      running: 'running',
      sleeping: 'sleeping',
      'waiting for disk': 'disk',
      stopped: 'stopped',
      traced: 'traced',
      zombie: 'zombie',
      dead: 'dead',
      idle: 'idle',
      unknown: 'unknown',
    },
    whose: (pid, parent) => `${pid}, child of ${parent}`,
    terminal: 'terminal',
    socket: 'socket',
    pipe: (name, access) => `pipe ${name} ${access === 'write' ? 'in' : access === 'read' ? 'out' : 'both ends'}`,
    listening: (address) => `listening on ${address}`,
    connection: (address) => `connection with ${address}`,
    more: (processes) => `and ${processes} more`,
    nothing: 'no descriptors',
    gone: 'gone',
  },
}

export const texts: Record<ProgramName, Text> = {
  zombie: {
    title: 'a child that has ended stays a zombie until its parent asks for its status',
    shows:
      'The child ends at once with status 3. Its memory and descriptors are gone, but the kernel has to keep the status for the parent, and with it the pid and an entry in the process table: a zombie. Nothing can kill it, for it is dead already. When the parent ends, init adopts the zombie and takes the status, so it vanishes then.',
    watch:
      '`tined course zombie --watch` shows the zombie below what the program prints. Or `ps -o pid,ppid,stat,comm --pid PID --ppid PID` in a second terminal, while the parent sleeps: the child has state `Z`; a plain `ps` calls it `<defunct>`. `ls /proc/CHILD/fd` is empty or refused: it holds nothing any more.',
    mistake:
      'To believe that a child that has ended is gone. A server that forks for each client and never waits collects one zombie per client, until fork fails with EAGAIN.',
  },
  wait: {
    title: 'wait() blocks until a child has ended, and takes its status',
    shows:
      'Two children end with 3 and 7. Each wait takes the status of one of them, whichever ended, and removes that zombie. The first returns as soon as the first child has ended; the second blocks for about a second. WIFEXITED tells whether the child ended by itself, WEXITSTATUS what it sent.',
    watch:
      '`ps -o pid,ppid,stat,comm --pid PID --ppid PID` during the sleep at the end: the parent has no child, neither living nor zombie.',
    mistake:
      'To print the status as it is: 3 comes out as 768. The number is packed, with the reason of the end in the low byte; only the W… macros may look into it. And to call wait where there is something else to do: nothing else happens until a child ends.',
  },
  waitpid: {
    title: 'waitpid() with WNOHANG asks, and comes back at once',
    shows:
      'With WNOHANG, waitpid answers "none has ended yet" instead of blocking, so the parent asks, works for 2 s, asks again. The child sleeps 3 s: two times not yet, and the third time its status.',
    watch: '`tined course waitpid --trace`: the calls to waitpid take no time at all, the sleeps between them do.',
    mistake:
      'To leave out the sleep: a loop that only asks keeps a whole core busy to learn that nothing has happened. To be told instead of asking is what SIGCHLD is for (remove_zombie). And in C, to take -1 for "not yet": 0 means that, -1 means that there is no child.',
  },
  signal: {
    title: 'signal() registers functions for alarm() and Ctrl-C',
    shows:
      'SIGALRM comes 2 s after each call of alarm, SIGINT when you press Ctrl-C. Either wakes the process from sleep(100) before its time: so three turns of 100 s are over in 6, or sooner if you press Ctrl-C. Ctrl-C does not end the program, because there is a handler now.',
    watch:
      'Press Ctrl-C, or send it from a second terminal: `kill -INT PID`. `grep Sig /proc/PID/status` prints five lines: SigQ, how many signals are queued and how many may be; then four masks: SigPnd pending, SigBlk blocked, SigIgn ignored, SigCgt caught. A signal with a handler in TypeScript is in SigBlk as well as in SigCgt: it is taken between two calls.',
    mistake:
      'To expect that sleep sleeps: any handled signal ends it, and it returns the seconds that were left. And in C, to call printf in a handler: it may interrupt another printf half-way. In TypeScript handlers run between calls, never inside one, so anything may be called.',
  },
  sigaction: {
    title: 'sigaction() does what signal() does, the same on every Unix',
    shows:
      'Besides the function, struct sigaction holds sa_mask, the signals blocked while the handler runs, and sa_flags. With 0 the interrupted call is not restarted: it ends with EINTR, or as sleep with the time that was left. Three alarms of 1 s end three sleeps of 100 s.',
    watch:
      '`tined course sigaction --trace`: each sleep(100) returns what was left, 98 or 99, right after the handler.',
    mistake:
      'In C, to leave sa_mask or sa_flags uninitialised: what is on the stack then decides whether calls are restarted. And to use signal where it matters what happens afterwards: some systems reset the handler after its first call, some restart interrupted calls, some do not.',
  },
  remove_zombie: {
    title: 'SIGCHLD tells when a child has ended; its handler removes the zombie',
    shows:
      'Nobody waits, and still no zombie stays: the kernel sends SIGCHLD when a child ends, and the handler takes every status there is with waitpid and WNOHANG. Meanwhile the parent does its own work, here sleeping, which the signal cuts short twice.',
    watch:
      '`ps -o pid,ppid,stat,comm --pid PID --ppid PID` again and again, or `tined course remove_zombie --watch`: two children, then one, then none, never a zombie for longer than a moment.',
    mistake:
      'To write `if` where there has to be `while`: signals do not queue. Two children that end at the same moment may cause one SIGCHLD only, and the second stays a zombie until the next child ends.',
  },
  echo_mpserv: {
    title: 'the echo server that forks a process for each client',
    shows:
      'The parent only accepts. Each connection goes to a forked child, which has copies of all descriptors: it closes the listening socket, the parent closes the connection. SIGCHLD removes the children; it also interrupts accept, which then fails with EINTR and is simply called again.',
    watch:
      '`nc 127.0.0.1 PORT` in two terminals, and in a third `ps -o pid,ppid,stat,comm --pid PID --ppid PID`: a child for each client; `tined course echo_mpserv --watch` shows the same. `ls -l /proc/PID/fd` of the parent never shows more than the one socket that listens. End a client: its process is gone, not a zombie.',
    mistake:
      'To forget close(clnt) in the parent. Then the client never sees the end, because the parent holds the connection too, and after some hundreds of clients the parent has no descriptor left (EMFILE).',
  },
  fd_copies: {
    title: 'fork copies descriptors, not sockets: the last copy closes',
    shows:
      "After fork two descriptors lead to one socket. The child says bye, closes its one and even ends, and still the client sees no end of file: the parent's copy keeps the connection open. Only when that is closed as well does read return 0.",
    watch: '`ls -l /proc/PID/fd` while it waits: `socket:[…]` is there, although the child that used it has ended.',
    mistake:
      'To think of close as hanging up. It gives back one name of the socket; the connection ends with the last name. That is why after a fork both sides close at once what is not theirs.',
  },
  echo_mpclient: {
    title: 'a client in two processes: one writes, one reads',
    shows:
      'After connecting, the client forks. The child sends what you type, the parent prints what comes back, and neither waits for the other. At the end of the input (Ctrl-D, or a line with only q) the child calls shutdown(SHUT_WR): only our direction ends, so the answers that are still on the way are read to their end.',
    watch:
      'Start `tined course echo_mpserv` first. `ps -o pid,ppid,stat,comm --pid PID --ppid PID` shows both processes. As a filter: `seq 3 | node dist/examples/echo_mpclient.js PORT`.',
    mistake:
      'To close the socket in the child and expect that this ends the conversation. It closes a copy; the parent still holds the connection, the server sees no end, and the parent waits for a server that waits for us. Only shutdown speaks to the other side, however many copies there are.',
  },
  pipe1: {
    title: 'a pipe carries bytes from a child to its parent',
    shows:
      'pipe() makes two descriptors: what is written to [1] comes out of [0]. fork copies both, so the child can write and the parent can read. Memory is not shared; the bytes go through the kernel. read blocks until there is something.',
    watch: '`tined course pipe1 --trace`: one time line with the calls of both processes, the write and the read.',
    mistake:
      'To read until the end of file while the write end is still open in the own process: the end never comes, because somebody could still write, namely oneself. Close the end that you do not use.',
  },
  pipe2: {
    title: 'both directions through one pipe: it hangs on a sleep',
    shows:
      'One pipe, two processes that both write and read. It works only because the child sleeps 2 s between its question and its read, and by then the parent has taken the question. What is in a pipe belongs to whoever reads first.',
    watch:
      'Take the sleep out of a copy of the program: the child reads its own question, and the parent waits for ever. (`tined course pipe2 --source` prints the program.)',
    mistake:
      'To make an order of events by sleeping. It works until the machine is busy. What one direction needs is one pipe.',
  },
  pipe3: {
    title: 'a pipe for each direction, and no sleep',
    shows:
      'Two pipes: one up, one down. Nobody can read what is meant for the other, so nobody has to wait for the right moment; read itself is the waiting.',
    watch: '`tined course pipe3 --trace`: each read ends when the write of the other process has happened.',
    mistake:
      'To fill one pipe while the other side fills the second and nobody reads: a pipe holds 64 KiB, then write blocks, and both processes wait for each other. Read and write in turn, or in two processes (echo_mpclient).',
  },
  echo_storeserv: {
    title: 'the echo server that stores what it hears',
    shows:
      'Each client has its process, and all of them send what they read through one pipe to one more process, which alone writes the file. A write of up to PIPE_BUF (4096) bytes is atomic, so messages of several clients do not mix. After ten messages the process that writes the file closes it and ends; it alone ends. The server and the processes of its clients go on: what they write to the pipe fails with EPIPE, as nobody reads it, and SIGPIPE, which would end them, is ignored. C does not look at the result, TypeScript catches the exception (unlessGone); both go on echoing, and store no more.',
    watch:
      'Two clients (`tined course echo_mpclient`), some lines from each, then `cat echomsg.txt`. `ps -o pid,ppid,stat,comm --pid PID --ppid PID` shows the writer beside the clients, and that it is gone after ten messages.',
    mistake:
      'To take one read for one message. TCP is a stream: two quick lines may arrive as one read, a long one as several. And to let each client process write the file itself. A storing server to rely on is `tined store`: lines, acknowledged when they are on disk.',
  },
  select: {
    title: 'select() waits for standard input, but not for ever',
    shows:
      'select watches descriptor 0 for 5 s. It returns 0 at the time-out, otherwise the number of descriptors that are ready, and leaves only those in the set. Then read does not block.',
    watch:
      'Wait, and type a line. Ctrl-D ends the program. `tined course select --trace` shows what was in the set before and after, and the time that was left.',
    mistake:
      'To set up the set and the time-out once, before the loop. select changes both: after the first time-out the set is empty, and after a line Linux leaves only the rest of the time. Make a fresh copy for each call.',
  },
  echo_selectserv: {
    title: 'one process, many clients: the echo server with select()',
    shows:
      'No fork: one process watches the listening socket and all connections. select says which can be read; the listening socket is readable when a client waits for accept. A connection that reads 0 has ended, leaves the set and is closed; so does one whose client broke off (ECONNRESET). Who writes to such a client gets SIGPIPE, which would end the server for all: it is ignored.',
    watch:
      '`nc 127.0.0.1 PORT` in several terminals, and `ls -l /proc/PID/fd`: all sockets are in the one process. `ps --ppid PID` shows no child.',
    mistake:
      'To pass the number of descriptors as the first argument. It is the highest number plus one. And to forget FD_SETSIZE: beyond descriptor 1023 an fd_set in C is written past its end, without a word; here it is a RangeError.',
  },
}
