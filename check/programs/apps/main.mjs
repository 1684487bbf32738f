/**
 * A program as anybody would write it, around one package: `main.mjs PACKAGE MODEL OPENED FOLDER`, OPENED being `before` or `handler`.
 * A client sends its name, and gets it back through the package. Written into FOLDER: `port`; `refused`, when it does not start;
 * `again`, what the launcher gets when it asks once more, at SIGUSR2.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { serve } from 'tined'

const [, , name, model, opened, folder] = process.argv
const program = await import(process.env.CHECK_APP ?? `./${name}.mjs`)
const note = (file, text) => writeFileSync(join(folder, file), text)

await program.prepare?.()
let opening
const open = () => {
  opening ??= Promise.resolve(program.open())
  return opening
}

process.on('SIGUSR2', async () => {
  try {
    await open()
    note('again', await program.ask('launcher-again'))
  } catch (error) {
    note('again', `failed: ${error.stack}`)
  }
})

if (opened === 'before') {
  await open()
  const got = await program.ask('launcher')
  if (got !== 'launcher') throw new Error(`before serve(): got ${got}`)
}

const options = {
  port: Number(process.env.CHECK_PORT ?? 0),
  model,
  portFile: join(folder, 'port'),
  log: 'json',
  logLevel: 'info',
}
try {
  const server = await serve(options, async (connection) => {
    await open()
    for await (const chunk of connection) await connection.write(await program.ask(chunk.toString().trim()))
  })
  const { code } = await server.exited
  process.exitCode = code
  if (opening !== undefined) await program.close?.()
  if (program.close === undefined) process.exit()
} catch (error) {
  note('refused', `${error.name}: ${error.message}`)
  process.exit(111)
}
