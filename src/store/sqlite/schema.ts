/** How messages lie in a database, for whoever queries it: `select seq, time, peer, cast(message as text) from messages`. */
import { StoreError } from '../file/store-error.js'
import type { Connection, Row } from './engine.js'

/** For how long it is waited for whoever has the database locked. */
export const BUSY_MS = 5000

/** "Tind": whose file this is. https://www.sqlite.org/pragma.html#pragma_application_id */
const APPLICATION_ID = 0x54_69_6e_64

/**
 * `ends` counts the bytes of the records, as the writer laid them out, up to this one's end: a batch is known by them, as in a file. The one row of `tined` says how
 * many there are in all, and the last number: what somebody deletes from `messages` is not written again.
 */
const SCHEMA = `
  CREATE TABLE messages (
    seq INTEGER PRIMARY KEY,
    time TEXT NOT NULL,
    connection TEXT NOT NULL,
    n INTEGER NOT NULL,
    peer TEXT NOT NULL,
    message BLOB NOT NULL,
    fields TEXT,
    ends INTEGER NOT NULL
  );
  CREATE INDEX messages_time ON messages (time);
  CREATE TABLE tined (length INTEGER NOT NULL, seq INTEGER NOT NULL);
  INSERT INTO tined VALUES (0, 0);
  PRAGMA application_id = ${APPLICATION_ID};
`

const numberIn = (connection: Connection, sql: string): number => {
  const row = connection.prepare(sql).get() as Row
  return Number(Object.values(row)[0])
}

/** @throws {StoreError} the database of somebody else */
export function assertOurs(connection: Connection, path: string): void {
  if (numberIn(connection, 'PRAGMA application_id') !== APPLICATION_ID)
    throw new StoreError(`${path}: not a store of messages: a database of another program`)
}

/** Whether it has no tables yet: somebody may be about to make them. */
export const isEmpty = (connection: Connection): boolean =>
  numberIn(connection, 'SELECT count(*) FROM sqlite_master') === 0

/** Makes the tables of an empty database. @throws {StoreError} the database of somebody else */
export function prepareSchema(connection: Connection, path: string): void {
  if (!isEmpty(connection)) {
    assertOurs(connection, path)
    return
  }
  connection.exec(`BEGIN IMMEDIATE; ${SCHEMA} COMMIT`)
}
