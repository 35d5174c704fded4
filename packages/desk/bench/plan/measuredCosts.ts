import type { EngineName } from '../Place.ts'

/** A number that `planDesk` counts with, and where it comes from. */
export interface Cost {
  readonly value: number
  readonly how: 'measured' | 'calculated'
  readonly from: string
}

export interface EngineCosts {
  readonly engine: EngineName
  readonly bytesAStep: Cost
  readonly writtenAStep: Cost
  /** Steps a second that one desk takes over HTTP, with its database on the same machine. */
  readonly deskSpeed: Cost
  /** Steps a second that the database takes, however many desks there are. */
  readonly speed: Cost
  readonly lookUpP50Ms: Cost
  readonly lookUpP99Ms: Cost
  /** Stored steps up to which look-ups were measured. */
  readonly mostSteps: Cost
  /** Of a desk's process. */
  readonly memoryBytes: Cost
  /** Files, or partitions. */
  readonly filesADay: Cost
  /** After so many steps of one day the next file begins. */
  readonly stepsAFile?: Cost
  readonly severalDesks: boolean
}

/** SCALE.md says how each was measured, and what that is worth. All on two cores, which the load shared. */
export const MEASURED_COSTS: readonly EngineCosts[] = [
  {
    engine: 'SQLite',
    bytesAStep: measured(138, 'bench:desk, 60,000 steps of 390 bytes as JSON; not yet on 10 million'),
    writtenAStep: measured(418, 'the same run: write_bytes of the process, logs and checkpoints included'),
    deskSpeed: measured(13_100, 'bench:desk, 16 connections, the sender on the same two cores'),
    speed: measured(13_100, 'one desk has the file'),
    lookUpP50Ms: measured(0.17, 'bench:desk, warm, 60,000 steps; a prototype of the same form with 100 million: 0.17'),
    lookUpP99Ms: measured(12.3, 'that prototype, 100 million steps in 10 day files, cold; warm 0.94'),
    mostSteps: measured(100_000_000, 'that prototype'),
    memoryBytes: measured(370_000_000, 'bench:desk, a desk that takes 6,600 steps a second'),
    filesADay: measured(1, 'one for each UTC day'),
    stepsAFile: calculated(1_200_000, 'a file is full with 2 million entries, about 1.6 a step'),
    severalDesks: false,
  },
  {
    engine: 'PostgreSQL',
    bytesAStep: measured(808, 'bench:desk, PostgreSQL 15, 60,000 steps of 390 bytes as JSON, indexes included'),
    writtenAStep: measured(2591, 'the same run: write-ahead log and the tables once'),
    deskSpeed: measured(8900, 'bench:desk, bodies in process, server and desk on the same two cores'),
    speed: measured(17_000, 'bench:desk, groups of 500 steps; two desks were not measured beside one another'),
    lookUpP50Ms: measured(0.46, 'bench:desk, warm, 100,000 steps'),
    lookUpP99Ms: measured(9.9, 'the same run, beside other work'),
    mostSteps: measured(100_000, 'bench:desk'),
    memoryBytes: calculated(600_000_000, 'a desk as with SQLite, and shared_buffers of 128 MB with its connections'),
    filesADay: measured(2, 'a partition of steps and one of values for each UTC day'),
    severalDesks: true,
  },
  {
    engine: 'ClickHouse',
    bytesAStep: measured(39, 'chdb 3.4 (ClickHouse 26.7), 1 million events of 320 bytes without an index of values'),
    writtenAStep: calculated(200, 'those bytes once, and again at about four merges'),
    deskSpeed: calculated(8900, 'that of a desk with PostgreSQL: parsing is most of it'),
    speed: calculated(50_000, 'far below what ClickHouse takes; not measured through a desk'),
    lookUpP50Ms: measured(4, 'chdb, 22 million spans, table ordered by id, the day known; 7.1 without'),
    lookUpP99Ms: calculated(30, 'not measured; some times the median'),
    mostSteps: measured(22_000_000, 'that table'),
    memoryBytes: calculated(2_400_000_000, 'a desk, and the 2 GB below which ClickHouse is not run'),
    filesADay: measured(1, 'a partition for each UTC day'),
    severalDesks: true,
  },
]

function measured(value: number, from: string): Cost {
  return { value, how: 'measured', from }
}

function calculated(value: number, from: string): Cost {
  return { value, how: 'calculated', from }
}
