/**
 * The one door to C: libc and the symbols of the running node binary, through koffi.
 *
 * SAFETY: koffi runs C on a stack of its own, so nothing declared here may call back into JavaScript or run libuv's
 * loop. Variadic functions are declared with every argument spelled out, which the x86-64 and arm64 Linux ABIs allow.
 */
import { koffi } from './koffi.js'

/** Address in this process, as a pointer argument or a result. */
export type Address = bigint

/** Memory a call may read or write: a Buffer, or an address obtained from the kernel. */
export type Memory = Uint8Array | Address | null

const image = koffi.load(null)

/** Declares a C function from its man-page prototype, for example `int close(int fd)`. */
// biome-ignore lint/suspicious/noExplicitAny: the prototype string is the type; each binding casts it once, where it is named
export const c = (prototype: string): any => image.func(prototype)

/**
 * Declares a C function without arguments that returns a struct: its fields, from the first on. The struct has no name: koffi would have that for
 * all who have loaded it, another copy of this file too.
 */
export const structFrom = <Field extends string>(
  name: string,
  fields: Readonly<Record<Field, string>>,
): (() => Record<Field, number>) => image.func(name, koffi.struct(fields), [])

const dlsymRaw: (handle: null, name: string) => unknown = c('void *dlsym(void *handle, const char *symbol)')

/** Looks a symbol up in the program and its libraries; `undefined` when it is not exported. dlsym(3). */
export function dlsym(name: string): Address | undefined {
  const found = dlsymRaw(null, name)
  return found === null ? undefined : pointerAddress(found)
}

/** The address that a pointer result of a C call stands for. */
export const pointerAddress = (pointer: unknown): Address => koffi.address(pointer as object)

/** The address of a Buffer's first byte. The caller keeps the Buffer referenced while C may use it. */
export const addressOf = (buffer: Uint8Array): Address => koffi.address(buffer)

/**
 * The same as a number, which a call takes faster than a Buffer, declared as `uintptr_t`. Only for memory with an ArrayBuffer of
 * its own: small typed arrays live in V8's heap, and move.
 */
export const fixedAddress = (memory: ArrayBufferView): number => Number(koffi.address(memory.buffer))

/** A Buffer over memory that C owns; valid as long as that memory is. */
export const memoryAt = (address: Address, length: number): Buffer => Buffer.from(koffi.view(address, length))

/** errno of the last call made through koffi. errno(3). */
export const lastErrno = (): number => koffi.errno()

/** Puts errno back, after calls that the caller does not know of. */
export const setErrno = (errno: number): void => void koffi.errno(errno)
