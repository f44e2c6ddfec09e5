/* What a board drags with, in a file of its own: ui/drag.ts fetches it. Holds nothing else, so that nothing else comes with it. */
export { autoScrollForElements } from '@atlaskit/pragmatic-drag-and-drop-auto-scroll/element';
export { draggable, dropTargetForElements, monitorForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
