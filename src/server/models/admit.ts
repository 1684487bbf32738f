/** What a client passes before its handler hears of it: the header of its proxy, the handshake of TLS. Where it needs neither it is there at once. */
import type { Reactor } from '../../reactor/reactor.js'
import type { Accepted } from '../connection/contract.js'
import { markFailed } from '../connection/mark-failed.js'
import type { Handshake } from '../tls/endpoint.js'
import type { ModelSettings } from './model.js'

/** Who is told of a client that comes in. */
export interface Admission<Client> {
  /** What is under way now, for whoever has to end it. */
  under(handshake: Handshake): void
  /** Its proxy has said who it is: another than who connected, or the proxy itself. */
  named(client: Client): void
  start(client: Client): void
  /** It is closed, and no handler has heard of it. */
  failed(client: Client): void
}

export function admit<Client extends Accepted>(
  accepted: Client,
  reactor: Reactor,
  { proxyGate, tls }: Pick<ModelSettings, 'proxyGate' | 'tls'>,
  admission: Admission<Client>,
): void {
  if (proxyGate === undefined) encrypt(accepted)
  else {
    proxyGate.accept(accepted, reactor, {
      under: (handshake) => admission.under(handshake),
      passed(client) {
        admission.named(client)
        encrypt(client)
      },
      failed: () => admission.failed(accepted),
    })
  }

  function encrypt(client: Client): void {
    if (tls === undefined) admission.start(client)
    else {
      const failed = (): void => {
        markFailed(client.row)
        admission.failed(client)
      }
      admission.under(tls.accept(client, (agreed) => admission.start(agreed), failed))
    }
  }
}
