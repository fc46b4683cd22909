// Draws pictures with WebGL2. Samples go to the GPU once, as they are; contrast, colours and comparison happen there.
import { make } from "./dom.js";
import { lut } from "./luts.js";
import { fragment, VERTEX } from "./shaders.js";
/** @typedef {import("./samples.js").Picture} Picture */

/** @typedef {{ left: number, top: number, zoom: number }} Place a corner, and screen pixels for one */
/** @typedef {{ black: number, white: number, gamma: number, lut: string }} Contrast */
/** @typedef {"first" | "second" | "curtain" | "residual"} Mode */

/** @type {Record<Mode, number>} */
const MODES = { first: 0, second: 1, curtain: 2, residual: 3 };
const NAMES = [
  "first", "second", "colours", "size", "corner", "port", "offset", "secondSize", "step_",
  "curtain", "black", "white", "gamma", "limit", "shrink", "mode", "channels", "ground",
];

/** Pictures on a canvas. */
export class Renderer {
  /** How many pictures have gone to the GPU. */
  uploads = 0;

  /** @type {WebGL2RenderingContext} */
  #gl;
  /** @type {Map<boolean, { program: WebGLProgram, at: Record<string, WebGLUniformLocation | null> }>} */
  #programs = new Map();
  /** @type {Map<Picture, { texture: WebGLTexture, integers: boolean, shrink: number }>} */
  #textures = new Map();
  /** @type {WebGLTexture | null} */
  #colours = null;
  #lut = "";

  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    const gl = canvas.getContext("webgl2", { antialias: false, alpha: false, preserveDrawingBuffer: true });
    if (!gl) {
      // Nothing else of the page begins without it.
      const { body } = document;
      body.prepend(make(
        "p",
        { class: "no-webgl", role: "alert" },
        "This browser shows no WebGL2, which pictures need: switch hardware acceleration on, or take another browser.",
      ));
      throw new Error("there is no WebGL2");
    }
    this.#gl = gl;
    this.#begin();
    canvas.addEventListener("webglcontextlost", event => event.preventDefault());
    canvas.addEventListener("webglcontextrestored", () => {
      this.#programs.clear();
      this.#textures.clear();
      [this.#colours, this.#lut] = [null, ""];
      this.#begin();
    });
  }

  #begin() {
    this.#gl.enable(this.#gl.SCISSOR_TEST);
    this.#gl.pixelStorei(this.#gl.UNPACK_ALIGNMENT, 1);
  }

  /** The longest side that fits into a texture. */
  get mostSide() {
    return this.#gl.getParameter(this.#gl.MAX_TEXTURE_SIZE);
  }

  /**
   * Draws a part of the canvas.
   * @param {{ x: number, width: number, height: number }} port the part, in screen pixels
   * @param {Picture} first
   * @param {Picture | null} second
   * @param {Mode} mode
   * @param {Place} place
   * @param {Contrast} contrast
   * @param {number} curtain where the curtain hangs, in screen pixels of the port
   * @param {number} limit full colour of the residual
   * @param {number[]} ground colour beside the picture
   * @param {boolean} [adds] whether its light is added to what is there: the channels of a composite
   */
  draw(port, first, second, mode, place, contrast, curtain, limit, ground, adds = false) {
    const gl = this.#gl, other = second ?? first;
    if (adds) gl.enable(gl.BLEND);
    else gl.disable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE);
    const integers = !(first.data instanceof Float32Array) && !(other.data instanceof Float32Array);
    const a = this.#texture(first, integers),
      b = this.#texture(other, integers),
      { program, at } = this.#program(integers);
    gl.useProgram(program);
    gl.viewport(port.x, 0, port.width, port.height);
    gl.scissor(port.x, 0, port.width, port.height);
    gl.activeTexture(gl.TEXTURE0);
    gl.bindTexture(gl.TEXTURE_2D_ARRAY, a.texture);
    gl.activeTexture(gl.TEXTURE1);
    gl.bindTexture(gl.TEXTURE_2D_ARRAY, b.texture);
    gl.activeTexture(gl.TEXTURE2);
    this.#bindColours(contrast.lut);
    gl.uniform1i(at.first, 0);
    gl.uniform1i(at.second, 1);
    gl.uniform1i(at.colours, 2);
    gl.uniform2f(at.size, first.width, first.height);
    gl.uniform2f(at.corner, place.left, place.top);
    gl.uniform2f(at.port, port.x, port.height);
    gl.uniform2f(at.offset, other.x - first.x, other.y - first.y);
    gl.uniform2f(at.secondSize, other.width, other.height);
    gl.uniform1f(at.step_, 1 / place.zoom);
    gl.uniform1f(at.curtain, curtain);
    gl.uniform1f(at.black, contrast.black);
    gl.uniform1f(at.white, contrast.white > contrast.black ? contrast.white : contrast.black + 1e-6);
    gl.uniform1f(at.gamma, contrast.gamma);
    gl.uniform1f(at.limit, Math.max(limit, 1e-9));
    gl.uniform2f(at.shrink, a.shrink, b.shrink);
    gl.uniform1i(at.mode, MODES[mode]);
    gl.uniform1i(at.channels, first.shown);
    gl.uniform3fv(at.ground, ground);
    gl.drawArrays(gl.TRIANGLES, 0, 3);
  }

  /** Nothing but the ground. @param {number[]} ground */
  clear([red, green, blue]) {
    const gl = this.#gl;
    gl.viewport(0, 0, gl.canvas.width, gl.canvas.height);
    gl.scissor(0, 0, gl.canvas.width, gl.canvas.height);
    gl.clearColor(red, green, blue, 1);
    gl.clear(gl.COLOR_BUFFER_BIT);
  }

  /**
   * Gives back what the GPU holds of all other pictures.
   * @param {Picture[]} pictures
   */
  keepOnly(pictures) {
    for (const [picture, { texture }] of this.#textures) {
      if (!pictures.includes(picture)) {
        this.#gl.deleteTexture(texture);
        this.#textures.delete(picture);
      }
    }
  }

  /** @param {Picture} picture @param {boolean} integers */
  #texture(picture, integers) {
    const known = this.#textures.get(picture);
    if (known && known.integers === integers) return known;
    if (known) this.#gl.deleteTexture(known.texture);
    const gl = this.#gl,
      shrink = Math.ceil(Math.max(picture.width, picture.height) / this.mostSide),
      texture = gl.createTexture();
    const [width, height] = [Math.ceil(picture.width / shrink), Math.ceil(picture.height / shrink)];
    let data =
      shrink > 1 ? everyNth(picture, shrink, width, height) : picture.data.subarray(0, width * height * picture.shown);
    if (!integers && !(data instanceof Float32Array)) data = Float32Array.from(data);
    const [internal, format, type] =
      data instanceof Uint8Array
        ? [gl.R8UI, gl.RED_INTEGER, gl.UNSIGNED_BYTE]
        : data instanceof Uint16Array
          ? [gl.R16UI, gl.RED_INTEGER, gl.UNSIGNED_SHORT]
          : [gl.R32F, gl.RED, gl.FLOAT];
    gl.activeTexture(gl.TEXTURE0);
    gl.bindTexture(gl.TEXTURE_2D_ARRAY, texture);
    for (const [name, value] of [
      [gl.TEXTURE_MIN_FILTER, gl.NEAREST],
      [gl.TEXTURE_MAG_FILTER, gl.NEAREST],
      [gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE],
      [gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE],
    ]) {
      gl.texParameteri(gl.TEXTURE_2D_ARRAY, name, value);
    }
    gl.texImage3D(gl.TEXTURE_2D_ARRAY, 0, internal, width, height, picture.shown, 0, format, type, data);
    this.uploads++;
    const made = { texture, integers, shrink };
    this.#textures.set(picture, made);
    return made;
  }

  /** @param {boolean} integers */
  #program(integers) {
    const known = this.#programs.get(integers);
    if (known) return known;
    const gl = this.#gl,
      program = gl.createProgram();
    for (const [kind, source] of /** @type {[number, string][]} */ ([
      [gl.VERTEX_SHADER, VERTEX],
      [gl.FRAGMENT_SHADER, fragment(integers)],
    ])) {
      const shader = /** @type {WebGLShader} */ (gl.createShader(kind));
      gl.shaderSource(shader, source);
      gl.compileShader(shader);
      gl.attachShader(program, shader);
      if (!gl.getShaderParameter(shader, gl.COMPILE_STATUS) && !gl.isContextLost())
        throw new Error(gl.getShaderInfoLog(shader) ?? "a shader does not compile");
    }
    gl.linkProgram(program);
    const made = { program, at: Object.fromEntries(NAMES.map(name => [name, gl.getUniformLocation(program, name)])) };
    this.#programs.set(integers, made);
    return made;
  }

  /** @param {string} name */
  #bindColours(name) {
    const gl = this.#gl;
    this.#colours ??= gl.createTexture();
    gl.bindTexture(gl.TEXTURE_2D, this.#colours);
    if (this.#lut === name) return;
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, 256, 1, 0, gl.RGBA, gl.UNSIGNED_BYTE, lut(name));
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.NEAREST);
    this.#lut = name;
  }
}

/**
 * Every n-th sample, where a picture has more than a texture takes.
 * @param {Picture} picture
 * @param {number} n
 * @param {number} width
 * @param {number} height
 */
function everyNth(picture, n, width, height) {
  const data = picture.data.slice(0, width * height * picture.shown);
  for (let c = 0, to = 0; c < picture.shown; c++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) data[to++] = picture.data[(c * picture.height + y * n) * picture.width + x * n];
    }
  }
  return data;
}
