/** What keeps a definition from being published. */
export type Complaint = {
  readonly message: string
  /** JSON pointer to the member at fault, where there is one. */
  readonly pointer?: string
}
