/** The rest of errno(3), under its C names: what constants.ts and io-constants.ts do not have. The same on x86-64 and arm64. */
import { constants } from 'node:os'

export const {
  ENXIO,
  E2BIG,
  ENOEXEC,
  EBUSY,
  EXDEV,
  ENODEV,
  ENOTDIR,
  EISDIR,
  ENOTTY,
  ETXTBSY,
  EFBIG,
  ESPIPE,
  EROFS,
  EMLINK,
  EDOM,
  ERANGE,
  EDEADLK,
  ENAMETOOLONG,
  ENOLCK,
  ENOTEMPTY,
  ELOOP,
  ENOMSG,
  EIDRM,
  ENOSTR,
  ENODATA,
  ETIME,
  ENOSR,
  ENOLINK,
  EPROTO,
  EMULTIHOP,
  EBADMSG,
  EOVERFLOW,
  EILSEQ,
  EPROTOTYPE,
  ENOTSUP,
  ENETDOWN,
  ENETRESET,
  ESTALE,
  ECANCELED,
} = constants.errno

// not in Node's table
export const ENOTBLK = 15
export const EDEADLOCK = 35
export const ECHRNG = 44
export const EL2NSYNC = 45
export const EL3HLT = 46
export const EL3RST = 47
export const ELNRNG = 48
export const EUNATCH = 49
export const ENOCSI = 50
export const EL2HLT = 51
export const EBADE = 52
export const EBADR = 53
export const EXFULL = 54
export const ENOANO = 55
export const EBADRQC = 56
export const EBADSLT = 57
export const EBFONT = 59
export const ENONET = 64
export const ENOPKG = 65
export const EREMOTE = 66
export const EADV = 68
export const ESRMNT = 69
export const ECOMM = 70
export const EDOTDOT = 73
export const ENOTUNIQ = 76
export const EBADFD = 77
export const EREMCHG = 78
export const ELIBACC = 79
export const ELIBBAD = 80
export const ELIBSCN = 81
export const ELIBMAX = 82
export const ELIBEXEC = 83
export const ERESTART = 85
export const ESTRPIPE = 86
export const EUSERS = 87
export const ESOCKTNOSUPPORT = 94
export const EPFNOSUPPORT = 96
export const ESHUTDOWN = 108
export const EHOSTDOWN = 112
export const EUCLEAN = 117
export const ENOTNAM = 118
export const ENAVAIL = 119
export const EISNAM = 120
export const EREMOTEIO = 121
export const ENOMEDIUM = 123
export const EMEDIUMTYPE = 124
export const ENOKEY = 126
export const EKEYEXPIRED = 127
export const EKEYREVOKED = 128
export const EKEYREJECTED = 129
export const EOWNERDEAD = 130
export const ENOTRECOVERABLE = 131
export const ERFKILL = 132
export const EHWPOISON = 133
