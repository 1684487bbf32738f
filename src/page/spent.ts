/** CPU time that this process has used so far, in milliseconds. */
export const spentCpuMs = (): number => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}
