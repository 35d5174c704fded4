import { useId, type ComponentProps } from 'react'

interface FieldProps extends Omit<ComponentProps<'input'>, 'onChange'> {
  label: string
  hint?: string
  problem?: string | undefined
  onChange: (value: string) => void
}

/** One labelled input, with its hint and what is wrong with it. */
export function Field({ label, hint, problem, onChange, ...rest }: FieldProps) {
  const id = useId()
  const described = [hint && `${id}-hint`, problem && `${id}-problem`].filter(Boolean).join(' ')
  return (
    <div className="field" data-invalid={problem ? '' : undefined}>
      <label htmlFor={id}>{label}</label>
      {hint && (
        <p className="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {problem && (
        <p className="problem" id={`${id}-problem`}>
          {problem}
        </p>
      )}
      <input
        id={id}
        aria-invalid={problem ? true : undefined}
        aria-describedby={described || undefined}
        onChange={(event) => onChange(event.target.value)}
        {...rest}
      />
    </div>
  )
}
