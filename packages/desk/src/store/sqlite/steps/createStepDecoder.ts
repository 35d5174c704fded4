import type { StoredStep } from '../../StoredStep.ts'
import { createByteReader } from './createByteReader.ts'
import type { ByteReader } from './createByteReader.ts'
import type { TrailIdentity } from './createStepEncoder.ts'
import { NUMBER, SHAPE_FOLLOWS, SHORTEST_BEFORE, STEP_FOLLOWS, TEXT } from './StepShape.ts'
import type { StepShape } from './StepShape.ts'

/** Reads what `createStepEncoder` wrote. `shapeText` gives the text of a shape in the same file. */
export function createStepDecoder({ shapeText }: StepDecoderOptions): StepDecoder {
  const shapes = new Map<number, StepShape>()

  function shapeOf(number: number): StepShape {
    let shape = shapes.get(number)
    if (!shape) shapes.set(number, (shape = JSON.parse(shapeText(number)) as StepShape))
    return shape
  }

  return (data, identity, onShape = () => {}) => {
    const bytes = createByteReader(data)
    const texts: string[] = []
    const steps: StoredStep[] = []
    let lastTime = 0

    function text(): string {
      const length = bytes.number()
      const [tag, rest] = [length % 4, Math.floor(length / 4)]
      if (tag === TEXT.before) return texts[rest]!
      const written = tag === TEXT.hex ? bytes.hex(rest) : bytes.text(rest)
      const value = tag === TEXT.json ? (JSON.parse(written) as string) : written
      if (value.length >= SHORTEST_BEFORE) texts.push(value)
      return value
    }

    function time(): number {
      const tagged = bytes.number()
      if (tagged % 4 === NUMBER.double) return bytes.double()
      lastTime += unfolded(Math.floor(tagged / 4))
      return tagged % 4 === NUMBER.whole ? lastTime : lastTime + bytes.number() / 1e6
    }

    function fields(shape: StepShape): Record<string, unknown> {
      const values: Record<string, unknown> = {}
      for (const field of shape) {
        const name = field[1]
        switch (field[0]) {
          case 'own':
            values[name] = identity.reference
            break
          case 'own-trace':
            values[name] = identity.ownTraceId
            break
          case 'same':
            values[name] = field[2]
            break
          case 'text':
            values[name] = text()
            break
          case 'number':
            values[name] = numberIn(bytes)
            break
          case 'time':
            values[name] = time()
            break
          case 'json':
            values[name] = JSON.parse(plainText(bytes))
            break
          case 'members':
            values[name] = fields(field[2])
            break
          default:
            field satisfies never
        }
      }
      return values
    }

    while (!bytes.isOver()) {
      const number = bytes.number()
      if (number === STEP_FOLLOWS) steps.push(JSON.parse(plainText(bytes)) as StoredStep)
      else {
        const shape = number === SHAPE_FOLLOWS ? (JSON.parse(plainText(bytes)) as StepShape) : shapeOf(number)
        if (number !== SHAPE_FOLLOWS) onShape(number)
        steps.push(fields(shape) as unknown as StoredStep)
      }
    }
    return steps
  }
}

/** `onShape` hears the number of each step's shape. */
export type StepDecoder = (
  data: Uint8Array,
  identity: TrailIdentity,
  onShape?: (number: number) => void,
) => StoredStep[]

export interface StepDecoderOptions {
  readonly shapeText: (number: number) => string
}

function plainText(bytes: ByteReader): string {
  return bytes.text(Math.floor(bytes.number() / 4))
}

function numberIn(bytes: ByteReader): number {
  const tagged = bytes.number()
  const value = unfolded(Math.floor(tagged / 4))
  switch (tagged % 4) {
    case NUMBER.whole:
      return value
    case NUMBER.thousandths:
      return value / 1e3
    case NUMBER.millionths:
      return value / 1e6
    default:
      return bytes.double()
  }
}

function unfolded(value: number): number {
  return value % 2 === 0 ? value / 2 : -(value + 1) / 2
}
