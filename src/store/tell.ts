/** How whoever writes has something put into the server's log. */
export type Tell = (level: 'info' | 'warn', message: string) => void
