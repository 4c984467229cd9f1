// Builds the package: one ES module that needs React alone, and its types.
import { buildPackage } from '../build-package.mjs'

await buildPackage(import.meta.dirname, {
  jsx: 'automatic',
  external: ['react', 'react/jsx-runtime'],
  // All of it is for the browser; frameworks with server components must be told.
  banner: { js: "'use client'" },
})
