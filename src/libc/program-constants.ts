/** More that programs of a course use: addresses, names, limits, positions. The same on x86-64 and arm64. */

// netinet/in.h, arpa/inet.h, sys/socket.h
export const AF_LOCAL = 1
export const PF_UNSPEC = 0
export const PF_LOCAL = 1
export const SOCK_RAW = 3
export const IPPROTO_ICMP = 1
export const INADDR_ANY = 0
export const INADDR_LOOPBACK = 0x7f00_0001
export const INADDR_BROADCAST = 0xffff_ffff
export const INADDR_NONE = 0xffff_ffff
export const INET_ADDRSTRLEN = 16
export const INET6_ADDRSTRLEN = 46
export const IP_TOS = 1
export const IP_TTL = 2
export const IP_MULTICAST_IF = 32
export const IP_MULTICAST_TTL = 33
export const IP_MULTICAST_LOOP = 34
export const IP_ADD_MEMBERSHIP = 35
export const IP_DROP_MEMBERSHIP = 36
export const IPV6_UNICAST_HOPS = 16
export const IPV6_MULTICAST_IF = 17
export const IPV6_MULTICAST_HOPS = 18
export const IPV6_MULTICAST_LOOP = 19

// netdb.h
export const AI_PASSIVE = 1
export const AI_CANONNAME = 2
export const AI_NUMERICHOST = 4
export const AI_V4MAPPED = 8
export const AI_ALL = 0x10
export const AI_ADDRCONFIG = 0x20
export const AI_NUMERICSERV = 0x400

// sys/resource.h
export const RLIMIT_CPU = 0
export const RLIMIT_FSIZE = 1
export const RLIMIT_DATA = 2
export const RLIMIT_STACK = 3
export const RLIMIT_RSS = 5
export const RLIMIT_MEMLOCK = 8
export const RLIMIT_AS = 9
export const RLIMIT_SIGPENDING = 11
export const RLIMIT_MSGQUEUE = 12
export const RLIMIT_NICE = 13
export const RLIMIT_RTPRIO = 14
export const RLIMIT_RTTIME = 15
/** What `getrlimit` gives and `setrlimit` takes where C has the largest number. */
export const RLIM_INFINITY = Number.POSITIVE_INFINITY
export const RUSAGE_SELF = 0
export const RUSAGE_CHILDREN = -1
export const RUSAGE_THREAD = 1

// unistd.h, stdlib.h
export const SEEK_SET = 0
export const SEEK_CUR = 1
export const SEEK_END = 2
export const EXIT_SUCCESS = 0
export const EXIT_FAILURE = 1
