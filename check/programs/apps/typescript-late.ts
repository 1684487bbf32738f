export class Kept {
  constructor(readonly name: string) {}
}
