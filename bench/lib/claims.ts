/** Something the project says about itself, and whether this run bears it out. */
export interface Claim {
  readonly says: string
  readonly holds: boolean
}

export function verdict({ says, holds }: Claim): string {
  return `${holds ? 'PASS' : 'FAIL'}  ${says}`
}

/** Prints every verdict, and makes the bench end with status 1 when a claim failed or none was tested. */
export function judge(claims: readonly Claim[]): void {
  for (const claim of claims) console.log(verdict(claim))
  if (claims.length === 0) console.log('FAIL  nothing was claimed: Tined was not measured')
  if (claims.length === 0 || claims.some(({ holds }) => !holds)) process.exitCode = 1
}
