/** A chat: a line goes to everybody else. All guests live in one process, so this is for model `multiplex`, with one worker. */
import { type Connection, serve } from 'tined'

const [, , listen = '127.0.0.1:9191'] = process.argv

type Guest = Connection<string>
const guests = new Set<Guest>()

function tell(text: string, from?: Guest): void {
  for (const guest of guests) if (guest !== from) guest.write(`${text}\n`)
}

const server = await serve(
  // a guest who does not read is let go when a megabyte waits for him
  { listen, model: 'multiplex', maxUnsentBytes: 1024 * 1024 },
  async (guest: Guest) => {
    const lines = guest.lines({ maxBytes: 1000 })
    guest.write('Who are you?\n')
    const { value: name } = await lines.next()
    if (!name) return
    guest.state = name
    guests.add(guest)
    guest.draining.addEventListener('abort', () => void guest.write('* we close soon\n'), { once: true })
    tell(`* ${name} is here`, guest)
    guest.write(`* with you: ${[...guests].map(({ state }) => state).join(', ')}\n`)
    try {
      for await (const line of lines) tell(`${name}: ${line}`, guest)
    } finally {
      guests.delete(guest)
      tell(`* ${name} has left`)
    }
  },
)
console.log(`chat on ${server.addresses[0]}`)
