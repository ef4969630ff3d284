import { isMap, isScalar, isSeq, type Node } from 'yaml';
import { unreachable } from '../../base/invariant.ts';
import { isMissing, isNode, type YamlTree } from '../yaml-tree.ts';
import { passes } from './leaf-problem.ts';
import { shapeOf, type LeafShape, type ListShape, type MappingShape, type RecordShape, type Shape } from './shape.ts';
import { writtenText } from './written-text.ts';

/** Whether a value could stand where this shape is wanted; nothing is reported. */
export function accepts(tree: YamlTree, shape: Shape, node: Node | null): boolean {
  const target = node === null ? null : tree.resolve(node);
  if (target === null || (isScalar(target) && isMissing(target))) return acceptsNothing(shape);
  switch (shape.type) {
    case 'free':
      return true;
    case 'leaf':
      return acceptsScalar(shape, target);
    case 'list':
      return acceptsList(tree, shape, target);
    case 'mapping':
      return acceptsMapping(tree, shape, target);
    case 'record':
      return acceptsRecord(tree, shape, target);
    case 'union':
      return (
        (shape.interpolable && isScalar(target) && writtenText(target).includes('${{')) ||
        shape.leaves.some((leaf) => acceptsScalar(leaf, target)) ||
        (shape.list !== null && acceptsList(tree, shape.list, target)) ||
        shape.mappings.some((mapping) => accepts(tree, mapping, target))
      );
    default:
      return unreachable(shape);
  }
}

function acceptsNothing(shape: Shape): boolean {
  if (shape.type === 'leaf') return shape.isNull;
  return shape.type === 'free' || (shape.type === 'union' && shape.leaves.some(({ isNull }) => isNull));
}

function acceptsScalar(leaf: LeafShape, node: Node): boolean {
  return isScalar(node) && passes(leaf, leaf.rule.text === true ? writtenText(node) : node.value);
}

function acceptsList(tree: YamlTree, shape: ListShape, node: Node): boolean {
  if (!isSeq(node) || node.items.length < shape.fewest || node.items.length > shape.most) return false;
  return node.items.every((item, index) => {
    const element = shape.elements[Math.min(index, shape.elements.length - 1)];
    return element !== undefined && isNode(item) && accepts(tree, shapeOf(element), item);
  });
}

function acceptsMapping(tree: YamlTree, shape: MappingShape, node: Node): boolean {
  if (!isMap(node)) return false;
  const { entries } = tree.entriesOf(node);
  const keys = new Set(entries.map(({ key }) => key));
  if ([...shape.members.values()].some(({ key, required }) => required && !keys.has(key))) return false;
  return entries.every(({ key, valueNode }) => {
    const schema = shape.members.get(key)?.schema ?? shape.others;
    return schema !== null && accepts(tree, shapeOf(schema), valueNode);
  });
}

function acceptsRecord(tree: YamlTree, shape: RecordShape, node: Node): boolean {
  if (!isMap(node)) return false;
  const keyShape = shapeOf(shape.key);
  return tree
    .entriesOf(node)
    .entries.every(
      ({ key, valueNode }) =>
        (keyShape.type !== 'leaf' || passes(keyShape, key)) && accepts(tree, shapeOf(shape.value), valueNode),
    );
}
