// Builds the package: one ES module without dependencies, and its types.
import { buildPackage } from '../build-package.mjs'

await buildPackage(import.meta.dirname)
