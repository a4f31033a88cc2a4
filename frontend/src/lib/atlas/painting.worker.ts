import { Painting, type Wish } from './painting.ts';

let painting = new Painting();

addEventListener('message', ({ data }: MessageEvent<ArrayBuffer | Wish | null>) => {
  if (data === null) {
    painting = new Painting();
    postMessage(null);
    return;
  }
  if (data instanceof ArrayBuffer) {
    postMessage({ added: painting.add(data) });
    return;
  }
  const painted = painting.paint(data);
  postMessage(
    { painted },
    { transfer: [painted.pixels.buffer, painted.owner.buffer, painted.inView.buffer] },
  );
});
