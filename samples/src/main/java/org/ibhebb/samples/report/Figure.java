package org.ibhebb.samples.report;

import java.awt.Color;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.ibhebb.samples.folder.WholeFile;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Something drawn, as a PNG and as an SVG file, and as a part of a page. */
public abstract sealed class Figure permits Chart, Curves, Raster {

    /** Okabe and Ito's, which the colour-blind can tell apart. */
    static final List<Color> COLOURS = List.of(new Color(0, 114, 178), new Color(213, 94, 0),
            new Color(0, 158, 115), new Color(204, 121, 167), new Color(230, 159, 0), new Color(86, 180, 233));
    /** Another way to tell series apart. */
    private static final List<Marker> MARKERS = List.of(SeriesMarkers.CIRCLE, SeriesMarkers.DIAMOND,
            SeriesMarkers.SQUARE, SeriesMarkers.TRIANGLE_UP, SeriesMarkers.TRIANGLE_DOWN, SeriesMarkers.OVAL);
    private static final int RESOLUTION = 150;

    private final String name;
    private final String title;

    Figure(String name, String title) {
        this.name = name;
        this.title = title;
    }

    /** What XChart draws. */
    abstract org.knowm.xchart.internal.chartpart.Chart<?, ?> drawn();

    static Color colour(int index) {
        return COLOURS.get(index % COLOURS.size());
    }

    static Marker marker(int index) {
        return MARKERS.get(index % MARKERS.size());
    }

    /**
     * Writes NAME.png and NAME.svg.
     *
     * @param folder where to
     * @throws IOException if that fails
     */
    public void write(Path folder) throws IOException {
        WholeFile.write(folder.resolve(name + ".png"), unfinished -> BitmapEncoder.saveBitmapWithDPI(
                drawn(), unfinished.toString(), BitmapEncoder.BitmapFormat.PNG, RESOLUTION));
        WholeFile.write(folder.resolve(name + ".svg"), svg());
    }

    /**
     * The same as it can stand inside a page of HTML, too.
     *
     * @return an svg element
     */
    public String svg() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            VectorGraphicsEncoder.saveVectorGraphic(drawn(), bytes, VectorGraphicsEncoder.VectorGraphicsFormat.SVG);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String svg = bytes.toString(StandardCharsets.UTF_8).strip();
        return svg.substring(svg.indexOf("<svg"))
                // Names must be unique among all charts of a page, and the same the next time.
                .replaceAll("clip-?\\d+", name + "-clip")
                // Hundredths of a pixel are enough, and half the size.
                .replaceAll("(\\d\\.\\d\\d)\\d+", "$1");
    }

    /**
     * What it shows.
     *
     * @return the text above it
     */
    public String title() {
        return title;
    }

    /**
     * The name of its files, without their endings.
     *
     * @return the name
     */
    public String name() {
        return name;
    }
}
