// Builds what counts its own work: each function, loop and copy of the sources, of `yaml` and of `unbash` reports to work.ts.
import { mkdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { build } from 'esbuild'
import ts from 'typescript'

const root = resolve(import.meta.dirname, '../..')
const counted = /[\\/](?:src|rules)[\\/][^?]*\.ts$|[\\/]node_modules[\\/](?:yaml|unbash)[\\/].*\.m?js$/
const { factory } = ts

const counter = factory.createIdentifier('porthole_work')
const step = () => factory.createPostfixIncrement(factory.createPropertyAccessExpression(counter, 'steps'))
const walked = value => factory.createCallExpression(factory.createPropertyAccessExpression(counter, 'walked'), undefined, [value])
const counting = body => (ts.isBlock(body) ? factory.updateBlock(body, [...prologueOf(body), factory.createExpressionStatement(step()), ...body.statements.slice(prologueOf(body).length)]) : factory.createBlock([factory.createExpressionStatement(step()), body]))
const prologueOf = ({ statements }) => statements.filter((statement, index) => index === 0 && ts.isExpressionStatement(statement) && ts.isStringLiteral(statement.expression))

/** Constructors of classes that extend others must call these first, and are not counted. */
const transformer = context => file => {
  const visit = node => {
    const inner = ts.visitEachChild(node, visit, context)
    if (ts.isArrowFunction(inner)) return factory.updateArrowFunction(inner, inner.modifiers, inner.typeParameters, inner.parameters, inner.type, inner.equalsGreaterThanToken, ts.isBlock(inner.body) ? counting(inner.body) : factory.createParenthesizedExpression(factory.createComma(step(), inner.body)))
    if (ts.isFunctionExpression(inner) && inner.body) return factory.updateFunctionExpression(inner, inner.modifiers, inner.asteriskToken, inner.name, inner.typeParameters, inner.parameters, inner.type, counting(inner.body))
    if (ts.isFunctionDeclaration(inner) && inner.body) return factory.updateFunctionDeclaration(inner, inner.modifiers, inner.asteriskToken, inner.name, inner.typeParameters, inner.parameters, inner.type, counting(inner.body))
    if (ts.isMethodDeclaration(inner) && inner.body) return factory.updateMethodDeclaration(inner, inner.modifiers, inner.asteriskToken, inner.name, inner.questionToken, inner.typeParameters, inner.parameters, inner.type, counting(inner.body))
    if (ts.isForStatement(inner)) return factory.updateForStatement(inner, inner.initializer, inner.condition, inner.incrementor, counting(inner.statement))
    if (ts.isForOfStatement(inner)) return factory.updateForOfStatement(inner, inner.awaitModifier, inner.initializer, inner.expression, counting(inner.statement))
    if (ts.isForInStatement(inner)) return factory.updateForInStatement(inner, inner.initializer, inner.expression, counting(inner.statement))
    if (ts.isWhileStatement(inner)) return factory.updateWhileStatement(inner, inner.expression, counting(inner.statement))
    if (ts.isDoStatement(inner)) return factory.updateDoStatement(inner, counting(inner.statement), inner.expression)
    if (ts.isSpreadElement(inner)) return factory.updateSpreadElement(inner, walked(inner.expression))
    if (ts.isSpreadAssignment(inner)) return factory.updateSpreadAssignment(inner, walked(inner.expression))
    if (ts.isNewExpression(inner) && ['Map', 'Set'].includes(inner.expression.text) && inner.arguments?.length === 1) return factory.updateNewExpression(inner, inner.expression, inner.typeArguments, inner.arguments.map(walked))
    return inner
  }
  return ts.visitNode(file, visit)
}

const plugin = {
  name: 'counting',
  setup: ({ onLoad }) => {
    onLoad({ filter: counted }, ({ path }) => {
      const { outputText } = ts.transpileModule(readFileSync(path, 'utf8'), { fileName: path, compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true }, transformers: { before: [transformer] } })
      return { contents: `import { work as porthole_work } from ${JSON.stringify(join(import.meta.dirname, 'work.ts'))}\n${outputText}`, loader: 'js', resolveDir: resolve(path, '..') }
    })
  }
}

/** A module of this folder, bundled with all that it uses, as a file that can be imported. */
export async function buildCounting(entry) {
  const outfile = join(root, 'node_modules/.cache/porthole', `${entry.replace(/\.ts$/, '')}-${process.pid}.mjs`)
  mkdirSync(resolve(outfile, '..'), { recursive: true })
  await build({ entryPoints: [join(import.meta.dirname, entry)], outfile, bundle: true, format: 'esm', platform: 'neutral', target: 'node20', mainFields: ['module', 'main'], conditions: ['browser'], external: ['node:*', 'typescript', '@typescript-eslint/*'], plugins: [plugin], sourcemap: 'inline', logLevel: 'warning' })
  return outfile
}
