/**
 * The whole page takes a drop: a file dropped beside the zone must not replace the page.
 * @param {(transfer: DataTransfer) => void} onDrop what is dropped can be read within this call only
 */
export function takeDrops(onDrop) {
  const { classList } = document.documentElement;
  let depth = 0;
  addEventListener('dragenter', () => {
    classList.toggle('dragging', (depth += 1) > 0);
  });
  addEventListener('dragleave', () => {
    classList.toggle('dragging', (depth = Math.max(0, depth - 1)) > 0);
  });
  addEventListener('dragover', (event) => event.preventDefault());
  addEventListener('drop', (event) => {
    event.preventDefault();
    depth = 0;
    classList.remove('dragging');
    if (event.dataTransfer) onDrop(event.dataTransfer);
  });
}
