import { type ComponentProps, type ReactNode, useId } from 'react'

const look =
  'h-10 min-w-0 max-w-full rounded-control border border-edge bg-surface px-2 text-base font-medium text-ink'

export type Option = { readonly value: string; readonly name: string }

/** A choice within a sentence; its label is read aloud, and the sentence says it to the eye. */
export function InlineChoice({
  label,
  options,
  ...rest
}: ComponentProps<'select'> & { readonly label: string; readonly options: readonly Option[] }): ReactNode {
  const id = useId()
  return (
    <>
      <label htmlFor={id} className="sr-only">
        {label}
      </label>
      <select id={id} className={look} {...rest}>
        {options.map(({ value, name }) => (
          <option key={value} value={value}>
            {name}
          </option>
        ))}
      </select>
    </>
  )
}

/** The same for what is typed. */
export function InlineInput({
  label,
  className = '',
  ...rest
}: ComponentProps<'input'> & { readonly label: string }): ReactNode {
  const id = useId()
  return (
    <>
      <label htmlFor={id} className="sr-only">
        {label}
      </label>
      <input
        id={id}
        className={`${look} placeholder:font-normal placeholder:text-ink-faint ${className}`}
        {...rest}
      />
    </>
  )
}
