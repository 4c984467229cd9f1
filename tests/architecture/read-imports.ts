import ts from 'typescript'

export type Import = {
  readonly specifier: string
  /** Gone after compiling: it names types alone. */
  readonly isTypeOnly: boolean
  readonly line: number
}

/** Everything a module imports: static and dynamic imports, re-exports, `require`, and types named in place. */
export function readImports(path: string, source: string): readonly Import[] {
  const file = parse(path, source)
  const imports: Import[] = []
  const add = (node: ts.Node, specifier: ts.Node | undefined, isTypeOnly: boolean) => {
    if (specifier !== undefined && ts.isStringLiteralLike(specifier)) {
      imports.push({ specifier: specifier.text, isTypeOnly, line: lineOf(file, node) })
    }
  }
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) add(node, node.moduleSpecifier, isTypeOnlyImport(node.importClause))
    else if (ts.isExportDeclaration(node)) add(node, node.moduleSpecifier, node.isTypeOnly)
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      add(node, node.argument.literal, true)
    } else if (ts.isCallExpression(node)) {
      const isDynamic = node.expression.kind === ts.SyntaxKind.ImportKeyword
      const isRequire = ts.isIdentifier(node.expression) && node.expression.text === 'require'
      if (isDynamic || isRequire) add(node, node.arguments[0], false)
    }
    ts.forEachChild(node, visit)
  }
  visit(file)
  return imports
}

/** The lines where a module reaches for the environment: `process.env`, `process['env']`, `{ env } = process`. */
export function readEnvironmentUses(path: string, source: string): readonly number[] {
  const file = parse(path, source)
  const lines: number[] = []
  const isProcess = (node: ts.Node | undefined): boolean =>
    node !== undefined &&
    ((ts.isIdentifier(node) && node.text === 'process') ||
      (ts.isPropertyAccessExpression(node) && node.name.text === 'process'))
  const visit = (node: ts.Node): void => {
    const isMember =
      ts.isPropertyAccessExpression(node) && node.name.text === 'env' && isProcess(node.expression)
    const isIndexed =
      ts.isElementAccessExpression(node) &&
      isProcess(node.expression) &&
      ts.isStringLiteralLike(node.argumentExpression) &&
      node.argumentExpression.text === 'env'
    const isTaken =
      ts.isVariableDeclaration(node) && ts.isObjectBindingPattern(node.name) && isProcess(node.initializer)
    const isImported =
      ts.isImportDeclaration(node) &&
      ts.isStringLiteralLike(node.moduleSpecifier) &&
      /^(node:)?process$/.test(node.moduleSpecifier.text)
    if (isMember || isIndexed || isTaken || isImported) lines.push(lineOf(file, node))
    ts.forEachChild(node, visit)
  }
  visit(file)
  return lines
}

function isTypeOnlyImport(clause: ts.ImportClause | undefined): boolean {
  if (clause === undefined) return false
  if (clause.isTypeOnly) return true
  const names = clause.namedBindings
  if (clause.name !== undefined || names === undefined || !ts.isNamedImports(names)) return false
  return names.elements.length > 0 && names.elements.every((element) => element.isTypeOnly)
}

function parse(path: string, source: string): ts.SourceFile {
  const kind = path.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS
  return ts.createSourceFile(path, source, ts.ScriptTarget.Latest, true, kind)
}

const lineOf = (file: ts.SourceFile, node: ts.Node) =>
  file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1
