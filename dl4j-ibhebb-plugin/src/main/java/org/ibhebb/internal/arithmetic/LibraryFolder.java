package org.ibhebb.internal.arithmetic;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;

/**
 * The folder that JavaCPP unpacks native libraries to, and loads them from: whoever can change it runs code in this JVM.
 * ND4J's own libraries are in it too, so that all there is to do is to say so.
 */
final class LibraryFolder {

    /** Of a folder in which only owners may rename and delete, as in the one for temporary files. */
    private static final int STICKY = 01000;

    private LibraryFolder() {}

    /**
     * Who else can change what is loaded from a folder.
     *
     * @param folder of libraries
     * @param user whose they should be; "?" where the system has no name for him, as in containers
     * @return null if nobody but the user and the administrator can, or this system doesn't tell; otherwise why somebody
     *     can, to be said with the folder's name
     */
    static String objection(Path folder, String user) {
        try {
            Path real = folder.toRealPath();
            String owner = Files.getOwner(real).getName();
            boolean known = user != null && !user.equals("?") && !owner.chars().allMatch(Character::isDigit);
            if (known && !owner.equals(user) && !owner.equals("root")) {
                return "belongs to the user " + owner;
            }
            if (writableByOthers(real)) {
                return "can be written by every user";
            }
            for (Path above = real.getParent(); above != null; above = above.getParent()) {
                if (writableByOthers(above) && ((int) Files.getAttribute(above, "unix:mode") & STICKY) == 0) {
                    return "is in " + above + ", which can be written by every user";
                }
            }
            return null;
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            // No such folder yet, or a system without these permissions.
            return null;
        }
    }

    private static boolean writableByOthers(Path folder) throws IOException {
        return Files.getPosixFilePermissions(folder).contains(PosixFilePermission.OTHERS_WRITE);
    }
}
