/** What tsx runs: syntax that no Node takes away by itself, and a module that is first loaded when somebody asks. */
export enum Part {
  name = 'name',
}

export function open(): void {}

export async function ask(id: string): Promise<string> {
  const { Kept } = await import('./typescript-late.ts')
  return new Kept(id)[Part.name]
}

export function close(): void {}
