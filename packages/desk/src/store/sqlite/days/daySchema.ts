import type { DatabaseSync } from 'node:sqlite'

/** Stands in each day file: "Wayd" in ASCII. */
const DAY_APPLICATION_ID = 0x57617964
const DAY_VERSION = 1

/**
 * Makes the tables of a new day file.
 *
 * `trail` holds each trail whole: it lies in the file of the day it was last added to, and `place` is its number in order of first sight, the same in
 * whatever file. `block` holds steps that came together, as `createStepEncoder` writes them, under `place * BLOCKS + n`, so that a trail's
 * blocks lie side by side and new ones at the end. `shape` is what they refer to. `run` and `chunk` lead from values to trails, see
 * `AliasEntries`: an index on random numbers would have to write a page for every step, so entries are sorted in memory, written as runs, and small
 * runs made into larger ones. `filter` says which references are in a file that is not added to any more.
 */
export function makeDay(database: DatabaseSync, { number, namespace, nextPlace }: NewDay): void {
  database.exec(`BEGIN IMMEDIATE; ${SCHEMA}`)
  database
    .prepare('INSERT INTO state (id, number, namespace, next_place) VALUES (1, ?, ?, ?)')
    .run(number, namespace, nextPlace)
  database.exec(
    `PRAGMA application_id = ${DAY_APPLICATION_ID}; PRAGMA user_version = ${DAY_VERSION}; COMMIT; PRAGMA journal_mode = WAL`,
  )
}

export interface NewDay {
  readonly number: number
  readonly namespace: string
  readonly nextPlace: number
}

/** How many blocks a trail may have before they are made into one. */
export const BLOCKS = 4096

/** @throws Error when it is no day file, or a newer version's, and so cannot be read. */
export function assertDay(database: DatabaseSync): void {
  const { application, version } =
    database
      .prepare(
        'SELECT application_id AS application, user_version AS version FROM pragma_application_id, pragma_user_version',
      )
      .get() ?? {}
  if (application !== DAY_APPLICATION_ID || version !== DAY_VERSION) throw new Error(NO_DAY)
}

const NO_DAY =
  "[waybill] A file among the desk's day files is none, or was made by a newer version, so the desk passes it over. Move it away, or update @waybill/desk."

const SCHEMA = `
CREATE TABLE state (
  id INTEGER PRIMARY KEY CHECK (id = 1), number INTEGER NOT NULL, namespace TEXT NOT NULL, trails INTEGER NOT NULL DEFAULT 0,
  steps INTEGER NOT NULL DEFAULT 0, newest_hour INTEGER NOT NULL DEFAULT 0, next_place INTEGER NOT NULL, next_run INTEGER NOT NULL DEFAULT 1,
  next_chunk INTEGER NOT NULL DEFAULT 1, moves_pending INTEGER NOT NULL DEFAULT 0, sealed INTEGER NOT NULL DEFAULT 0, unclean INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE trail (
  place INTEGER PRIMARY KEY, ref TEXT NOT NULL, seen_hour INTEGER NOT NULL, steps INTEGER NOT NULL, claims INTEGER NOT NULL,
  blocks INTEGER NOT NULL, evicted INTEGER NOT NULL, generation INTEGER NOT NULL, moved_from INTEGER
);
CREATE INDEX trail_seen ON trail (seen_hour);
CREATE INDEX trail_moved ON trail (moved_from) WHERE moved_from IS NOT NULL;
CREATE TABLE block (id INTEGER PRIMARY KEY, data BLOB NOT NULL);
CREATE TABLE evicted (place INTEGER NOT NULL, span TEXT NOT NULL, PRIMARY KEY (place, span)) WITHOUT ROWID;
CREATE TABLE shape (id INTEGER PRIMARY KEY, text TEXT NOT NULL);
CREATE TABLE run (id INTEGER PRIMARY KEY, count INTEGER NOT NULL, first_chunk INTEGER NOT NULL, firsts BLOB NOT NULL);
CREATE TABLE chunk (id INTEGER PRIMARY KEY, entries BLOB NOT NULL);
CREATE TABLE filter (id INTEGER PRIMARY KEY CHECK (id = 1), bits BLOB NOT NULL);
`
